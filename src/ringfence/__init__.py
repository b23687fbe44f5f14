"""ringfence proves health-data platforms on Azure: from Terraform to an adherence document."""
