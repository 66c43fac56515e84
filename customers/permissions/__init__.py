"""What a customer lets the partner do in its tenant (GDAP): read from Microsoft Graph, asked for here."""
