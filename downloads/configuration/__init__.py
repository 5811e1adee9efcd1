"""The operator's configuration: one file, validated, written whole, backed up."""
