"""ringfence proves health-data platforms on Azure: from Terraform to an adherence document."""

__version__ = "0.1.0"
