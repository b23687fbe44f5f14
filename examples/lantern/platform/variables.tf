variable "environment" {
  type        = string
  description = "Which copy of the platform this is: prod, ci, or a developer's own."

  validation {
    condition     = can(regex("^[a-z]{2,8}$", var.environment))
    error_message = "The environment is part of every name: two to eight lower-case letters."
  }
}

variable "location" {
  type        = string
  default     = "uksouth"
  description = "The Azure region."
}

variable "patient_data" {
  type        = bool
  description = "True when records of patients are in this copy: what is deleted then stays recoverable."
}

variable "developer_access" {
  type        = bool
  default     = false
  description = "Opens the platform to the developer who deploys it. Never true in the pipeline."
}

variable "developer_public_key" {
  type        = string
  default     = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleExampleExampleExampleExampleExample0 lantern"
  description = "The key with which a developer signs in to the jump-box."
}

variable "address_space" {
  type        = string
  default     = "10.40.0.0/20"
  description = "The addresses of the virtual network."
}

variable "subnets" {
  type = map(object({
    index             = number
    service_endpoints = optional(list(string), [])
    delegation        = optional(string)
  }))
  description = "The subnets, by name; the index says which part of the address space."
  default = {
    data = { index = 0 }
    web  = { index = 1, delegation = "Microsoft.Web/serverFarms" }
    jump = { index = 2 }
  }
}

variable "lock_administrators" {
  type        = string
  default     = "6d0b8f4e-9a3c-4c55-9f0e-3b9d2b7a1c04"
  description = "The group whose members may remove locks."
}

variable "security_officer_email" {
  type        = string
  default     = "security@brightwater.example"
  description = "Who hears of changes to the platform's defences."
}
