"""What leaves the house: packs for readers, with disclosure control."""
