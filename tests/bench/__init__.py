"""Measures Piste with many deals; prints figures and judges nothing."""
