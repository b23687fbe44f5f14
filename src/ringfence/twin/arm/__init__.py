"""Resource Manager, as far as trials need it: what there is, who may what, and changes of both."""
