"""Answers by the time of their making come from an index; it takes the place of the one on what they answer alone."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("social", "0005_collection_comments")]

    operations = [
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(fields=["parent", "-id"], name="comment_reply_new"),
        ),
        migrations.AlterField(
            model_name="comment",
            name="parent",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="replies",
                to="social.comment",
            ),
        ),
    ]
