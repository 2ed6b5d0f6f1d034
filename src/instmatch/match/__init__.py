"""Candidates, evidence, model, decision."""
