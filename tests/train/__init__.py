"""One short run of every training, in the training environment: `make test-train`."""
