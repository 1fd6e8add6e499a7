"""Call flows: generators that yield verbs and know no wire.  One module a flow."""
