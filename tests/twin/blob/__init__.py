"""The blob service, asked by Azure's own clients."""
