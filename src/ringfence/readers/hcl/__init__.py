"""The language of Terraform: syntax, expressions, values and functions; nothing of files and modules."""
