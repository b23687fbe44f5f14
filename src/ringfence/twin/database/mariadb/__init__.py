"""MariaDB behind the front: one for each server of the estate, reached by a socket that its owner alone may use."""
