"""Tests of pyreport.desk."""
