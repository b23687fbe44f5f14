variable "jump_box_public_key" {
  description = "Public SSH key that Azure asks for when a jump box is made. People sign in by the directory instead."
  type        = string
}
