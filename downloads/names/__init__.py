"""What a file's name says: title, season, episodes, group, …"""
