"""What every service stands on: transport, transactions, events, identity. It knows no service."""
