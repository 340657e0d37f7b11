"""What voters look at: blind copies, spoilt pictures, colour plates. No Django."""
