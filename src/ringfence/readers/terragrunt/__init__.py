"""Terragrunt: units, what they include, depend on and generate."""
