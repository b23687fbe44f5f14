variable "enable_log_analytics_workspace" {
  description = "Whether there is a workspace, with its solutions and every diagnostic setting."
  type        = bool
  default     = false

  validation {
    condition     = var.enable_log_analytics_workspace
    error_message = "Production is not deployed without logs: nobody could say who read what."
  }
}

variable "log_analytics_cluster_id" {
  description = "Id of a dedicated cluster that the workspace is linked to; it commits to 500 GB a day. Empty for none."
  type        = string
  default     = ""

  validation {
    condition     = var.log_analytics_cluster_id == "" || var.enable_log_analytics_workspace
    error_message = "There is no workspace to link: set enable_log_analytics_workspace to true, or leave the id out."
  }
}

variable "retired_solutions" {
  description = "Whether the document's solutions that Microsoft has retired are asked for. Say false where Azure refuses one."
  type        = bool
  default     = true
}

variable "certificates" {
  description = "Folder with the bundles of others and, for a test, the certificates of the test authorities."
  type        = string
}
