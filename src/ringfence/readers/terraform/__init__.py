"""Terraform configurations: files, roots, modules and their instances, evaluated in one world."""
