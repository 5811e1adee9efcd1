"""Comments of collections are of `social` now, which took them over."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("lists", "0009_tag_key_once"), ("social", "0005_collection_comments")]

    operations = [migrations.DeleteModel(name="CollectionComment")]
