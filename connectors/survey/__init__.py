"""What all sources of responses share: the contract, the form's design, its fields and changes."""
