variable "environment" {
  type        = string
  description = "Which copy of the platform this is."
}

variable "patient_data" {
  type        = bool
  description = "True when records of patients are in this copy."
}

variable "developer_access" {
  type        = bool
  default     = false
  description = "Opens the database to the developer who deploys it. Never true in the pipeline."
}

variable "developer_address" {
  type        = string
  default     = null
  description = "The developer's own address. When it is not given, it is asked of a web service during the apply."
}

variable "resource_group" {
  type = object({
    name     = string
    location = string
  })
}

variable "subnet_ids" {
  type = map(string)
}

variable "private_dns_zone_ids" {
  type = map(string)
}

variable "key_vault_id" {
  type = string
}

variable "log_analytics_id" {
  type = string
}

variable "security_officer_email" {
  type        = string
  default     = "security@brightwater.example"
  description = "Who receives the findings about the database."
}

variable "studies" {
  type = map(object({
    readers = optional(list(string), [])
    writers = optional(list(string), [])
  }))
  description = "Each study has a container of its own, and principals that may read or write in it."
  default = {
    sepsis = {
      readers = ["2f0c7f3a-0b52-4bb0-9d43-6b8b6c5c1a01"]
      writers = ["7d1b3c55-62b8-4c0e-8f5d-1f6c0a7f2b02"]
    }
    stroke = {
      readers = ["2f0c7f3a-0b52-4bb0-9d43-6b8b6c5c1a01", "b94ac1d2-3d0a-4f5e-a1b7-90d4f1f3cd03"]
    }
  }
}
