"""Pages of decision, notice, objection, naming and the titles' life."""
