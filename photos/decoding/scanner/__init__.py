"""What scanners see and leave behind: infrared, negatives, the bed about a print, resolution."""
