enable_log_analytics_workspace = true
log_analytics_cluster_id       = ""
retired_solutions              = true
