"""How the shipped models were made: reads data that is not part of the project and needs the packages of
requirements.txt.
"""
