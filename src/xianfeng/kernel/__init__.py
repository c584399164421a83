"""The ground floor: clock, working days, canonical bytes, policies, documents, spreadsheets; no models."""
