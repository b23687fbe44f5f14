"""The platform on a laptop: real clients, real host names, and the decisions of `questions` in between.

A forward proxy stands for each place and asks `reach`; the services behind it ask `access`, seal with the keys that
`custody` finds, and write what `logs` says is written. It shows that the declared design holds. It does not show that
Azure behaves so.
"""

NOTHING_MORE = "It shows that the declared design holds; it does not show that Azure behaves so."
"""What every output of the twin says of itself."""
