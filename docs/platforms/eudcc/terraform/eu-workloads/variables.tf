variable "utility_image" {
  description = "Which image of utility runs: a tag such as :1.1.0, or a digest, @sha256:…, which nobody can move."
  type        = string

  validation {
    condition     = can(regex("^(:[0-9A-Za-z._-]+|@sha256:[0-9a-f]{64})$", var.utility_image))
    error_message = "Write :TAG or @sha256:DIGEST."
  }
}

variable "dgc_gateway_image" {
  description = "Which image of dgc-gateway runs: a tag such as :1.1.9, or a digest, @sha256:…, which nobody can move."
  type        = string

  validation {
    condition     = can(regex("^(:[0-9A-Za-z._-]+|@sha256:[0-9a-f]{64})$", var.dgc_gateway_image))
    error_message = "Write :TAG or @sha256:DIGEST."
  }
}

variable "ingress_image" {
  description = "Which image of ingress runs: a tag such as :3.2.12, or a digest, @sha256:…, which nobody can move."
  type        = string

  validation {
    condition     = can(regex("^(:[0-9A-Za-z._-]+|@sha256:[0-9a-f]{64})$", var.ingress_image))
    error_message = "Write :TAG or @sha256:DIGEST."
  }
}
