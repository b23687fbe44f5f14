variable "environment" {
  type        = string
  description = "Which copy of the platform this is."
}

variable "tenant_id" {
  type        = string
  default     = "5a2f3c1e-7a44-4d52-9a39-0f5c8c2d7e10"
  description = "The hospital's Microsoft Entra tenant."
}

variable "apps" {
  type = map(object({
    image     = string
    client_id = optional(string)
  }))
  description = "The web applications; one with a client_id asks everybody to sign in first."
  default = {
    catalogue = { image = "lantern/catalogue:4", client_id = "c8b5d5aa-7a0e-4d3c-bd07-52a4b3d3ee11" }
    status    = { image = "lantern/status:2" }
  }
}
