variable "utility_image" {
  description = "Which image of utility runs: a tag such as :1.1.0, or a digest, @sha256:…, which nobody can move."
  type        = string

  validation {
    condition     = can(regex("^(:[0-9A-Za-z._-]+|@sha256:[0-9a-f]{64})$", var.utility_image))
    error_message = "Write :TAG or @sha256:DIGEST."
  }
}

variable "dgca_issuance_service_image" {
  description = "Which image of dgca-issuance-service runs: a tag such as :1.0.5, or a digest, @sha256:…, which nobody can move."
  type        = string

  validation {
    condition     = can(regex("^(:[0-9A-Za-z._-]+|@sha256:[0-9a-f]{64})$", var.dgca_issuance_service_image))
    error_message = "Write :TAG or @sha256:DIGEST."
  }
}

variable "dgca_businessrule_service_image" {
  description = "Which image of dgca-businessrule-service runs: a tag such as :1.1.2, or a digest, @sha256:…, which nobody can move."
  type        = string

  validation {
    condition     = can(regex("^(:[0-9A-Za-z._-]+|@sha256:[0-9a-f]{64})$", var.dgca_businessrule_service_image))
    error_message = "Write :TAG or @sha256:DIGEST."
  }
}

variable "dgca_verifier_service_image" {
  description = "Which image of dgca-verifier-service runs: a tag such as :1.0.4, or a digest, @sha256:…, which nobody can move."
  type        = string

  validation {
    condition     = can(regex("^(:[0-9A-Za-z._-]+|@sha256:[0-9a-f]{64})$", var.dgca_verifier_service_image))
    error_message = "Write :TAG or @sha256:DIGEST."
  }
}

variable "dgca_issuance_web_image" {
  description = "Which image of dgca-issuance-web runs: a tag such as :1.1.2, or a digest, @sha256:…, which nobody can move."
  type        = string

  validation {
    condition     = can(regex("^(:[0-9A-Za-z._-]+|@sha256:[0-9a-f]{64})$", var.dgca_issuance_web_image))
    error_message = "Write :TAG or @sha256:DIGEST."
  }
}

variable "portal_sign_in_image" {
  description = "Which image of portal-sign-in runs: a tag such as :v7.14.0, or a digest, @sha256:…, which nobody can move."
  type        = string

  validation {
    condition     = can(regex("^(:[0-9A-Za-z._-]+|@sha256:[0-9a-f]{64})$", var.portal_sign_in_image))
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
