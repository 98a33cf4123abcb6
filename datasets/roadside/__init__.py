"""What stands beside the road: traffic lights, signs, and fixed objects that a vehicle may strike."""
