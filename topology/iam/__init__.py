"""IAM policies: parsed, with three-valued conditions, into the set of resources they permit."""
