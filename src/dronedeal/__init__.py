"""dronedeal"""
