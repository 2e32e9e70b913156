"""Where responses come from: each source keeps the one contract of `connectors.survey.contract`."""
