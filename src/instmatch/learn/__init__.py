"""Noise, training pairs, fitting, calibration."""
