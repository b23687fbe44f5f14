"""Layer core: the network, the log, the vault and the storage that the other layers share; who comes in."""
