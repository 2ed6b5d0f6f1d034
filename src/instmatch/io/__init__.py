"""Tables and plain lists in and out."""
