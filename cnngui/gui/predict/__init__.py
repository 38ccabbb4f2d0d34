"""The Predict half."""
