"""HTTP addresses by subject: each module holds one router with its models."""
