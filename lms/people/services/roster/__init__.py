"""What a roster means for the people we know: planned, applied, taken back."""
