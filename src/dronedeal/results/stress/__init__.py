"""What a signed plan does in fresh futures: what is kept, how surely, and what failed first."""
