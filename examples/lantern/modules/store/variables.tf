variable "name" {
  type        = string
  description = "The name of the account: three to 24 lower-case letters and digits."
}

variable "resource_group" {
  type = object({
    name     = string
    location = string
  })
  description = "Where the account lives."
}

variable "subnet_id" {
  type        = string
  description = "The subnet that holds the account's private endpoints."
}

variable "private_dns_zone_ids" {
  type        = map(string)
  description = "The private DNS zone of each sub-resource that has an endpoint, such as blob and dfs."
}

variable "log_analytics_id" {
  type        = string
  description = "The workspace that receives the logs."
}

variable "containers" {
  type        = list(string)
  default     = []
  description = "The containers, by name."
}

variable "logged_services" {
  type        = list(string)
  default     = ["blob", "queue", "table"]
  description = "The services whose reads, writes and deletes are logged."
}

variable "key_vault_id" {
  type        = string
  default     = null
  description = "The vault that holds the account's own key; Microsoft's keys are used when it is null."
}

variable "hierarchical" {
  type        = bool
  default     = false
  description = "True for a data lake."
}
