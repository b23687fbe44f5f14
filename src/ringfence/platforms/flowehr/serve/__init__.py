"""Layer serve: apps and models are served."""
