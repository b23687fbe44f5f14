# What volumes are made of. No application asks for one today.

# A volume is sealed by the key of the cluster's disks.
resource "kubectl_manifest" "storage_class_sealed" {
  yaml_body = templatefile("${path.module}/manifests/storageclass-sealed.yaml", {
    disk_encryption_set_cluster_id = data.terraform_remote_state.ie.outputs.disk_encryption_set_cluster_id
  })
  server_side_apply = true
}
