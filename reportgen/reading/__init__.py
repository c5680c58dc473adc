"""Files to text values with places: YAML and JSON, read strictly; every scalar stays text."""
