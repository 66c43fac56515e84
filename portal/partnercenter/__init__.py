"""The client of Partner Center's REST API; plain Python, it knows nothing of the portal around it.

``operations`` says what can be asked, ``client.PartnerClient`` asks it.
"""
