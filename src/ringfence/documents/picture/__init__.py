"""Pictures of an estate as SVG: nested boxes of the network, and the tree of key custody."""
