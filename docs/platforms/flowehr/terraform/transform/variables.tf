variable "source_warehouse_password" {
  description = "The password for warehouse; give it as TF_VAR_source_warehouse_password."
  type        = string
  sensitive   = true
}
