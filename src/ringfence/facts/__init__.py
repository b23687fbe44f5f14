"""Facts of Azure that ship with the package: tables of text beside a loader for each, read when first asked."""
