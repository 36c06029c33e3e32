"""The `qiao` command: thin commands over services and the statistics kernels."""
