utility_image     = ":1.1.0"
dgc_gateway_image = ":1.1.9"
ingress_image     = ":3.2.12"
