"""Scripts behind make; none is part of the portal."""
