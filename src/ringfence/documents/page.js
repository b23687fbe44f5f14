"use strict";
(() => {
  const rows = [...document.querySelectorAll(".row")];
  const search = document.getElementById("search");
  const boxes = [...document.querySelectorAll("input[data-status]")];
  const worlds = [...document.querySelectorAll("input[data-world]")];
  const shown = document.getElementById("shown");
  const nothing = document.getElementById("nothing");

  function apply() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const statuses = boxes.filter((b) => b.checked).map((b) => b.dataset.status);
    const world = (worlds.find((w) => w.checked) || { dataset: { world: "" } }).dataset.world;
    let count = 0;
    for (const row of rows) {
      const mine = JSON.parse(row.dataset.status);
      const found = world ? [mine[world]] : Object.values(mine);
      const keep = found.some((s) => statuses.includes(s)) && words.every((w) => row.dataset.text.includes(w));
      row.hidden = !keep;
      count += keep ? 1 : 0;
    }
    shown.textContent = `${count} of ${rows.length} rows`;
    nothing.hidden = count > 0;
  }

  search.addEventListener("input", apply);
  for (const box of [...boxes, ...worlds]) box.addEventListener("change", apply);
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && document.activeElement !== search) {
      event.preventDefault();
      search.focus();
    }
    if (event.key === "Escape" && document.activeElement === search) {
      search.value = "";
      apply();
    }
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const visible = rows.filter((r) => !r.hidden).map((r) => r.firstElementChild);
    const at = visible.indexOf(document.activeElement);
    if (at < 0 && document.activeElement !== search) return;
    const next = visible[event.key === "ArrowDown" ? at + 1 : at - 1];
    if (next) {
      event.preventDefault();
      next.focus();
    }
  });
  apply();
})();
